package io.celeriac.controlweb.queue;

import io.celeriac.contract.control.Heartbeat.HandlerInfo;
import io.celeriac.contract.control.Heartbeat.ParameterInfo;
import io.celeriac.contract.redaction.Redaction;
import io.celeriac.contract.redaction.RedactionRules;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Knows which arguments of a task are secret: by what workers say of their handlers, and by the rules of the installation. */
final class HandlerSecrets {

    private static final Pattern POSITION = Pattern.compile("\\d{1,6}");

    private final Supplier<? extends Collection<HandlerInfo>> handlers;
    private final RedactionRules rules;

    /**
     * @param handlers of all workers that are known, also of those that are gone
     */
    HandlerSecrets(Supplier<? extends Collection<HandlerInfo>> handlers, RedactionRules rules) {
        this.handlers = handlers;
        this.rules = rules;
    }

    /**
     * The secrets of the tasks of a name.
     *
     * @return empty when no worker with such a handler has told them: then any argument may be one
     */
    Optional<Redaction> of(String task) {
        var known = handlers.get().stream()
                .filter(handler ->
                        handler.task().equals(task) || handler.aliases().contains(task))
                .toList();
        if (known.isEmpty() || known.stream().anyMatch(handler -> handler.secrets() == null)) {
            return Optional.empty();
        }
        return Optional.of(known.stream().map(HandlerSecrets::redaction).reduce(rules.of(task), Redaction::and));
    }

    /** Whether bytes that nobody can read as a task may hold a secret. */
    boolean mayBeIn(byte[] unreadable) {
        return rules.concern(unreadable)
                || handlers.get().stream()
                        .anyMatch(handler ->
                                handler.secrets() == null || !handler.secrets().isEmpty());
    }

    private static Redaction redaction(HandlerInfo handler) {
        var secrets = handler.secrets() == null ? List.<String>of() : handler.secrets();
        var positions = new HashSet<Integer>();
        secrets.stream()
                .filter(secret -> POSITION.matcher(secret).matches())
                .forEach(secret -> positions.add(Integer.valueOf(secret)));
        var parameters = handler.parameters();
        return new Redaction(
                positions,
                new HashSet<>(secrets),
                secrets.contains(HandlerInfo.ALL),
                false,
                parameters == null
                        ? null
                        : parameters.stream().map(ParameterInfo::name).toList());
    }
}
