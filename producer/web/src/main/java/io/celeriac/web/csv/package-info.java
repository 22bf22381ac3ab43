/** Files for spreadsheets. */
@NullMarked
package io.celeriac.web.csv;

import org.jspecify.annotations.NullMarked;
