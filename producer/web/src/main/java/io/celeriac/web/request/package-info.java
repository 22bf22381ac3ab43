/**
 * What every request passes through before a controller sees it: bodies have a limit, and a page of another site cannot
 * use the reader's browser to reach a gateway that asks for no credentials.
 */
@NullMarked
package io.celeriac.web.request;

import org.jspecify.annotations.NullMarked;
