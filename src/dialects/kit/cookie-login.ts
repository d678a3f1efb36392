export { closeCookieLogin, openCookieLogin } from '../../http/cookie-login.ts';
export { clearSessionCookie } from '../../http/session-cookie.ts';
