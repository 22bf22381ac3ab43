/** The JSON mapper of the wire, and its form of instants and durations. */
@NullMarked
package io.celeriac.contract.json;

import org.jspecify.annotations.NullMarked;
