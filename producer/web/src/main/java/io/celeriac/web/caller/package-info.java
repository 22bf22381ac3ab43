/** Who sends a request, and what this caller may see and do. The access module fills it in; doors ask it. */
@NullMarked
package io.celeriac.web.caller;

import org.jspecify.annotations.NullMarked;
