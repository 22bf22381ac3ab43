package io.celeriac.access.page;

import io.celeriac.access.grant.Role;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.page.Fields;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What pages say about grants: the authorities beside a role, and what there is to choose from. */
final class GrantWords {

    private GrantWords() {}

    /**
     * A role to choose.
     *
     * @param word as in REST
     * @param authorities their words, separated by spaces
     */
    record Choice(String word, String authorities) {}

    /** The roles, the least one first. */
    static List<Choice> roles() {
        return Arrays.stream(Role.values())
                .map(role -> new Choice(
                        role.word(),
                        role.authorities().stream()
                                .map(Authority::word)
                                .sorted()
                                .collect(Collectors.joining(" "))))
                .toList();
    }

    /** The words of all authorities, those that concern queues first. */
    static List<String> authorities() {
        return Arrays.stream(Authority.values()).map(Authority::word).toList();
    }

    /** Adds {@code extra} to a user or token: its authorities beside those of its role, in order. Sorts its queues. */
    static Fields in(Fields holder) {
        var ofRole = Optional.ofNullable(holder.get("role"))
                .flatMap(word -> Role.of(word.toString()))
                .map(role -> role.authorities().stream().map(Authority::word).toList())
                .orElse(List.of());
        var all = holder.get("authorities") instanceof Collection<?> words ? words : List.of();
        holder.put(
                "extra",
                authorities().stream()
                        .filter(word -> all.contains(word) && !ofRole.contains(word))
                        .toList());
        if (holder.get("queues") instanceof Collection<?> queues) {
            holder.put("queues", queues.stream().map(String::valueOf).sorted().toList());
        }
        return holder;
    }
}
