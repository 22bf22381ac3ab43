/** The benchmarks {@code gateway} and {@code console}: what readers, actions, heartbeats, sign-ins and pages cost a gateway. */
@NullMarked
package io.celeriac.bench.gateway;

import org.jspecify.annotations.NullMarked;
