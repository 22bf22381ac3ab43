/** Receipts that this program gave for submitted tasks. */
@NullMarked
package io.celeriac.web.receipt;

import org.jspecify.annotations.NullMarked;
