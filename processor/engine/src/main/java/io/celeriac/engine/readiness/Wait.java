package io.celeriac.engine.readiness;

import io.celeriac.engine.Explanation.Stage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a task waits for.
 *
 * @param since when it began to wait for it
 * @param until when that will be over; null where only another task can end it
 */
public record Wait(Stage stage, Instant since, @Nullable Instant until) {}
