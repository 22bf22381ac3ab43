/** Files with all tasks that a search finds. */
@NullMarked
package io.celeriac.resultsweb.export;

import org.jspecify.annotations.NullMarked;
