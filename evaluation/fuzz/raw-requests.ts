/** Requests that no client would send, byte by byte; the server may end the connection. */
export function rawRequests(authorization: string): Buffer[] {
  const head = `host: localhost\r\nauthorization: ${authorization}\r\n`
  const images = 'POST /v1/monitors/m/images HTTP/1.1\r\n'
  const texts = [
    '',
    '\r\n\r\n\r\n',
    '\0\0\0\0',
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'GET /v1/monitors HTTP/1.1\r\n\r\n',
    `GET http://evil.example/v1/monitors HTTP/1.1\r\n${head}\r\n`,
    `GET /v1/monitors HTTP/1.0\r\n${head}\r\n`,
    `GET ${'/a'.repeat(20_000)} HTTP/1.1\r\n${head}\r\n`,
    `GET /v1/monitors HTTP/1.1\r\n${head}x: ${'y'.repeat(40_000)}\r\n\r\n`,
    `GET /v1/monitors HTTP/1.1\r\n${head}${'x: y\r\n'.repeat(3000)}\r\n`,
    `GET /v1/monitors HTTP/1.1\r\n${head}host: other\r\n\r\n`,
    `GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n${head}\r\n`,
    `GET /v1/monitors/%ff%fe HTTP/1.1\r\n${head}\r\n`,
    `${images}${head}content-length: -1\r\n\r\n`,
    `${images}${head}content-length: 1e9\r\n\r\n`,
    `${images}${head}content-length: 99999999999999999999\r\n\r\n`,
    `${images}${head}content-type: image/png\r\ncontent-length: 500\r\n\r\nfew`,
    `${images}${head}content-type: image/png\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd`,
    `${images}${head}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    `${images}${head}content-type: image/png\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n`,
    `${images}${head}content-type: image/png\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff\r\n`,
    `${images}${head}content-type: multipart/form-data\r\ncontent-length: 4\r\n\r\nabcd`,
    `${images}${head}content-type: multipart/form-data; boundary=\r\ncontent-length: 4\r\n\r\nabcd`,
    `${images}${head}expect: 100-continue\r\ncontent-type: image/png\r\ncontent-length: 3\r\n\r\nabc`,
    `GET /v1/alerts HTTP/1.1\r\n${head}\r\nGET /v1/alerts HTTP/1.1\r\n${head}\r\n`,
    `GET /v1/live HTTP/1.1\r\n${head}upgrade: websocket\r\nconnection: upgrade\r\n\r\n`,
  ]
  return texts.map((text) => Buffer.from(text, 'latin1'))
}
