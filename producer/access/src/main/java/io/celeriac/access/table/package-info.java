/** The tables of access control, and their migration. */
@NullMarked
package io.celeriac.access.table;

import org.jspecify.annotations.NullMarked;
