/** The ways to sign in that this gateway has. */
@NullMarked
package io.celeriac.access.ways;

import org.jspecify.annotations.NullMarked;
