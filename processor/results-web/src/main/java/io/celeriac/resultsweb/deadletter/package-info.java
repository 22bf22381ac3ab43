/** Dead letters over HTTP: records that nobody could read or finish, and the reasons, read from their topic. */
@NullMarked
package io.celeriac.resultsweb.deadletter;

import org.jspecify.annotations.NullMarked;
