package io.celeriac.access.user;

/**
 * Who a person is to an OpenID Connect issuer.
 *
 * @param issuer its address
 * @param subject what it calls the person; never given to another
 */
public record OidcIdentity(String issuer, String subject) {}
