import Agent from 'undici/lib/dispatcher/agent.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import buildConnector from 'undici/lib/core/connect.js';
import errors from 'undici/lib/core/errors.js';
import request from 'undici/lib/api/api-request.js';

// As undici's own index does it.
Dispatcher.prototype.request = request;

/**
 * What the sources use of undici, in the place of its index, which loads `fetch`, WebSocket, caches and mocks too, and Node's own copy of
 * undici with them. A build fails where a source imports something else.
 */
export { Agent, buildConnector, errors };
