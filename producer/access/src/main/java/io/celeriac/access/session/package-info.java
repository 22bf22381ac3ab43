/** Signing in, sessions, and what a person may do with the own account. */
@NullMarked
package io.celeriac.access.session;

import org.jspecify.annotations.NullMarked;
