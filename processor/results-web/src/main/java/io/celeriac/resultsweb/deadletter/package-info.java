/** The dead letters, read from their topic: what nobody could read or finish, and why. */
@NullMarked
package io.celeriac.resultsweb.deadletter;

import org.jspecify.annotations.NullMarked;
