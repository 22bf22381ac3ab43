/** Saved views over HTTP. */
@NullMarked
package io.celeriac.resultsweb.view;

import org.jspecify.annotations.NullMarked;
