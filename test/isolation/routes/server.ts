import type { RouteTable } from '../route-table.ts';

export const server: RouteTable = {
  'GET /': {},
  'GET /health': {},
  'GET /ready': {},
  'GET /metrics': {},
  'GET /openapi.json': {},
  'GET /uploads/:uuid': { path: { uuid: 'file.uuid' } },
  // Callers of the contested route who are neither dialect’s.
  'POST /api/auth/login': { status: 400 },
};
