/** The record of who did what, which cannot be changed without notice. */
@NullMarked
package io.celeriac.access.audit;

import org.jspecify.annotations.NullMarked;
