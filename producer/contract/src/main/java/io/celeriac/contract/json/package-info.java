/** The JSON mapper of the wire, and how it writes instants and durations. */
@NullMarked
package io.celeriac.contract.json;

import org.jspecify.annotations.NullMarked;
