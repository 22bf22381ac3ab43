/** Signing in by passkey (WebAuthn), and the passkeys of a user. */
@NullMarked
package io.celeriac.access.passkey;

import org.jspecify.annotations.NullMarked;
