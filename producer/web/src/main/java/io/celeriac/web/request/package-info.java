/**
 * Filters that every request passes before a controller sees it. They limit bodies, and prevent a page of another site from
 * using the reader's browser to reach a gateway that asks for no credentials.
 */
@NullMarked
package io.celeriac.web.request;

import org.jspecify.annotations.NullMarked;
