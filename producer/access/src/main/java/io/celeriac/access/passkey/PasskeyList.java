package io.celeriac.access.passkey;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The passkeys of a user, as the API shows them.
 *
 * @param items the oldest one first
 */
public record PasskeyList(List<Entry> items) {

    static PasskeyList of(List<Passkey> passkeys) {
        return new PasskeyList(passkeys.stream().map(Entry::of).toList());
    }

    /**
     * A passkey.
     *
     * @param id for its name and its end
     * @param backedUp true when it exists on several devices
     * @param usedAt the last sign-in; null for none
     */
    @Schema(name = "PasskeyView")
    @JsonInclude(Include.NON_NULL)
    public record Entry(
            String id,
            String name,
            boolean backedUp,
            Instant createdAt,
            @Nullable Instant usedAt) {

        static Entry of(Passkey passkey) {
            return new Entry(passkey.id(), passkey.name(), passkey.backedUp(), passkey.createdAt(), passkey.usedAt());
        }
    }
}
