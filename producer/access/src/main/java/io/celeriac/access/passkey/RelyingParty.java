package io.celeriac.access.passkey;

import java.util.Set;

/**
 * The gateway, as browsers know it when they use passkeys.
 *
 * @param id the domain that passkeys are for
 * @param name what people read
 * @param origins addresses from which passkeys are accepted
 */
public record RelyingParty(String id, String name, Set<String> origins) {}
