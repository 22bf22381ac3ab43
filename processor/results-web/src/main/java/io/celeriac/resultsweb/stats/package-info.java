/** Numbers of what ended, from the counters. One sampler of a gateway serves all readers. */
@NullMarked
package io.celeriac.resultsweb.stats;

import org.jspecify.annotations.NullMarked;
