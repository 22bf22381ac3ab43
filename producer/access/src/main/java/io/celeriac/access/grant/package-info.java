/** What a user or a token may do: roles, authorities, queues. */
@NullMarked
package io.celeriac.access.grant;

import org.jspecify.annotations.NullMarked;
