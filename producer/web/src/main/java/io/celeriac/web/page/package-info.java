/** The frame of the console's pages: layout, design system, places, languages, and how values are shown. */
@NullMarked
package io.celeriac.web.page;

import org.jspecify.annotations.NullMarked;
