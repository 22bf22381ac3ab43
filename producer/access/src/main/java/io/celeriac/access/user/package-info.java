/** The people who may sign in. */
@NullMarked
package io.celeriac.access.user;

import org.jspecify.annotations.NullMarked;
