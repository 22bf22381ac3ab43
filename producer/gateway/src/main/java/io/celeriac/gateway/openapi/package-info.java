/** The description of the API at {@code /api/openapi} and as a page at {@code /api/docs}. */
@NullMarked
package io.celeriac.gateway.openapi;

import org.jspecify.annotations.NullMarked;
