import type { Lease, Store } from '../store/index.ts'

/** Whoever is killed is waited for so long. */
const LEASE_MS = 15_000

/** The lease of a name, as long as this process can have it. */
export type Tenure = {
  /** Undefined while somebody else has it. */
  current(): Promise<Lease | undefined>
  /** Others need not wait for its end. */
  end(): Promise<void>
}

/** Takes a lease when it is asked for, and takes it anew in time; until the end, also while nobody asks. */
export function openTenure(
  { leases }: Pick<Store, 'leases'>,
  name: string,
  { owner, now }: { readonly owner: string; readonly now: () => number },
): Tenure {
  let lease: Lease | undefined
  let takenAt = Number.NEGATIVE_INFINITY
  const take = async (): Promise<Lease | undefined> => {
    const at = now()
    lease = await leases.take(name, { owner, now: at, forMs: LEASE_MS })
    takenAt = at
    return lease
  }
  const renewal = setInterval(() => {
    // A failure shows where the lease is needed next.
    if (lease !== undefined) take().catch(() => {})
  }, LEASE_MS / 3)
  renewal.unref()
  return {
    current: async () =>
      lease !== undefined && Math.abs(now() - takenAt) < LEASE_MS / 2 ? lease : take(),
    end: async () => {
      clearInterval(renewal)
      if (lease !== undefined) await leases.give(lease)
    },
  }
}
