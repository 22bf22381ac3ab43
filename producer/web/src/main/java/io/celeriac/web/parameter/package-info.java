/** Parameters of requests, read from text and checked. */
@NullMarked
package io.celeriac.web.parameter;

import org.jspecify.annotations.NullMarked;
