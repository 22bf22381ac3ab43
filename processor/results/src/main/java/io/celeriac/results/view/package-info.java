/** Saved views: searches under a name, for one caller or for all. */
@NullMarked
package io.celeriac.results.view;

import org.jspecify.annotations.NullMarked;
