/** Stands in for the module contract, and breaks its arrows. */
@NullMarked
package io.celeriac.contract;

import org.jspecify.annotations.NullMarked;
