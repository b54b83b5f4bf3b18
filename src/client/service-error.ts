/** What a service answered in place of what was asked for. */
export class ServiceError extends Error {
  readonly status: number
  /** For programs: `request.invalid`, `resource.busy`, … */
  readonly code: string
  readonly hint: string | undefined

  constructor(status: number, { code = 'service.failed', detail = '', hint }: ServiceProblem) {
    super(detail === '' ? `the service answered with ${status}` : detail)
    this.name = 'ServiceError'
    this.status = status
    this.code = code
    this.hint = hint
  }
}

type ServiceProblem = {
  readonly code?: string
  readonly detail?: string
  readonly hint?: string | undefined
}

/** The error of an answer that is none of what was asked for. */
export async function errorOf(response: Response): Promise<ServiceError> {
  const problem = (await response.json().catch(() => ({}))) as ServiceProblem
  return new ServiceError(response.status, problem)
}
