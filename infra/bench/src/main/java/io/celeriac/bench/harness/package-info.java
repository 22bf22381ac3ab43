/** What every measurement needs: a broker of its own, programs in JVMs of their own, and topics that nobody else uses. */
@NullMarked
package io.celeriac.bench.harness;

import org.jspecify.annotations.NullMarked;
