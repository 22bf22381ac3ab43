/** What the worker tells others of itself: the heartbeats on the workers' topic. */
@NullMarked
package io.celeriac.engine.heartbeat;

import org.jspecify.annotations.NullMarked;
