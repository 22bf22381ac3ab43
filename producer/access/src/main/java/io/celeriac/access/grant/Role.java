package io.celeriac.access.grant;

import static io.celeriac.web.caller.Authority.DEADLETTER_REPLAY;
import static io.celeriac.web.caller.Authority.METRICS_READ;
import static io.celeriac.web.caller.Authority.QUEUE_PAUSE;
import static io.celeriac.web.caller.Authority.SCHEDULE_READ;
import static io.celeriac.web.caller.Authority.SCHEDULE_RUN;
import static io.celeriac.web.caller.Authority.SCHEDULE_WRITE;
import static io.celeriac.web.caller.Authority.TASK_PAYLOAD;
import static io.celeriac.web.caller.Authority.TASK_READ;
import static io.celeriac.web.caller.Authority.TASK_RETRY;
import static io.celeriac.web.caller.Authority.TASK_REVOKE;
import static io.celeriac.web.caller.Authority.TASK_SUBMIT;
import static io.celeriac.web.caller.Authority.WORKER_CONTROL;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.celeriac.web.caller.Authority;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A named bundle of authorities. */
public enum Role {
    /** Sees what happens, but neither arguments nor results. */
    VIEWER,

    /** Keeps things running. */
    OPERATOR,

    /** May do everything. */
    ADMIN;

    private static final Set<Authority> VIEWS = Set.of(TASK_READ, SCHEDULE_READ, METRICS_READ);

    private static final Set<Authority> OPERATES = Set.of(
            TASK_READ,
            SCHEDULE_READ,
            METRICS_READ,
            TASK_PAYLOAD,
            TASK_SUBMIT,
            TASK_REVOKE,
            TASK_RETRY,
            SCHEDULE_WRITE,
            SCHEDULE_RUN,
            QUEUE_PAUSE,
            WORKER_CONTROL,
            DEADLETTER_REPLAY);

    public Set<Authority> authorities() {
        return switch (this) {
            case VIEWER -> VIEWS;
            case OPERATOR -> OPERATES;
            case ADMIN -> Set.of(Authority.values());
        };
    }

    /** As in REST and in tables, such as {@code viewer}. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role of a word; empty for null and an unknown word. */
    public static Optional<Role> of(@Nullable String word) {
        return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
    }

    @JsonCreator
    static Role read(String word) {
        return of(word).orElseThrow(() -> new IllegalArgumentException("no role is named " + word));
    }
}
