/** Signing in by OpenID Connect. */
@NullMarked
package io.celeriac.access.oidc;

import org.jspecify.annotations.NullMarked;
