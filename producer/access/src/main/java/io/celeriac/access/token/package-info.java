/** The tokens of programs. */
@NullMarked
package io.celeriac.access.token;

import org.jspecify.annotations.NullMarked;
