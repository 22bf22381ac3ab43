/** The console's pages of tasks and of what became of them. */
@NullMarked
package io.celeriac.resultsweb.page;

import org.jspecify.annotations.NullMarked;
