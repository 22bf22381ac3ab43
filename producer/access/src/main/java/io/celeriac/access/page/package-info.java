/** The pages of access: signing in, the own account, users, tokens, audit. */
@NullMarked
package io.celeriac.access.page;

import org.jspecify.annotations.NullMarked;
