/** The filters that every request passes: who asks, and whether the table allows it. */
@NullMarked
package io.celeriac.access.filter;

import org.jspecify.annotations.NullMarked;
