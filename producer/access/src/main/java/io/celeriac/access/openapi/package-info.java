/** Describes in OpenAPI what each call needs. */
@NullMarked
package io.celeriac.access.openapi;

import org.jspecify.annotations.NullMarked;
