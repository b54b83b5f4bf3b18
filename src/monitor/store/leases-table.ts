import type { Queries } from './database.ts'

/** Leave to do what only one process may do at a time; a later owner has a larger epoch. */
export type Lease = { readonly name: string; readonly owner: string; readonly epoch: number }

/** Who asks, and for how long. */
export type LeaseOptions = { readonly owner: string; readonly now: number; readonly forMs: number }

/** Leases by name. */
export type LeasesTable = {
  /** A new one or the one it has; undefined while somebody else has it. */
  take(name: string, options: LeaseOptions): Promise<Lease | undefined>
  /** False where somebody else has it; within a transaction nobody can take it before the end. */
  hold(lease: Lease): Promise<boolean>
  /** Others need not wait for its end. */
  give(lease: Lease): Promise<void>
  /** Ends all: for whoever is known to be alone. */
  clear(): Promise<void>
}

/** Queries of leases. */
export function leasesTable(db: Queries): LeasesTable {
  return {
    take: async (name, { owner, now, forMs }) => {
      const row = await db
        .insertInto('leases')
        .values({ name, owner, epoch: 1, until: now + forMs })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet((build) => ({
              owner,
              until: now + forMs,
              epoch: build
                .case()
                .when(build.ref('leases.owner'), '=', owner)
                .then(build.ref('leases.epoch'))
                .else(build('leases.epoch', '+', 1))
                .end(),
            }))
            .where((build) =>
              build.or([build('leases.owner', '=', owner), build('leases.until', '<', now)]),
            ),
        )
        .returning(['owner', 'epoch'])
        .executeTakeFirst()
      return row && { name, owner, epoch: row.epoch }
    },
    hold: async ({ name, owner, epoch }) => {
      const { numUpdatedRows } = await db
        .updateTable('leases')
        .set({ owner })
        .where('name', '=', name)
        .where('owner', '=', owner)
        .where('epoch', '=', epoch)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
    give: async ({ name, owner, epoch }) => {
      await db
        .updateTable('leases')
        .set({ until: 0 })
        .where('name', '=', name)
        .where('owner', '=', owner)
        .where('epoch', '=', epoch)
        .execute()
    },
    clear: async () => {
      await db.updateTable('leases').set({ until: 0 }).execute()
    },
  }
}
