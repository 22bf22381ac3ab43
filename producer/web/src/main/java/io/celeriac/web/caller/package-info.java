/** Who sends a request. */
@NullMarked
package io.celeriac.web.caller;

import org.jspecify.annotations.NullMarked;
