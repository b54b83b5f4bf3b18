import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from '../../src/tensor/index.ts'
import type { Place, Victim } from './place.ts'
import type { RunningService } from './running-service.ts'

/** How long a disk is full at most. */
const LONGEST_FULL_MS = 1500

/** Strikes once; false where there was nothing to strike. */
export async function strike(
  victim: Victim,
  {
    service,
    place,
    random,
  }: { readonly service: RunningService; readonly place: Place; readonly random: Random },
): Promise<boolean> {
  switch (victim) {
    case 'child':
      return service.killChild((count) => random.integer(count))
    case 'database':
      await place.restart?.()
      return true
    case 'disk':
      place.disk?.fill()
      await delay(random.uniform() * LONGEST_FULL_MS)
      // Every other time the service is killed too, and its log is gone through with room again.
      if (random.uniform() < 0.5) await service.kill()
      place.disk?.free()
      service.startIfEnded()
      return true
    case 'service':
    case 'replica':
      await service.kill()
      service.startIfEnded()
      return true
  }
}
