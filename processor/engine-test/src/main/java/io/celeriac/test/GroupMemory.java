package io.celeriac.test;

import io.celeriac.contract.workflow.GroupPart;
import io.celeriac.contract.workflow.GroupReference;
import io.celeriac.engine.attempt.GroupLists;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/** The topic of large lists of results, in memory. Safe for use by several threads. */
final class GroupMemory implements GroupLists {

    private final Map<String, List<List<JsonNode>>> parts = new ConcurrentHashMap<>();

    void add(GroupPart part) {
        parts.computeIfAbsent(part.id() + '/' + part.node(), group -> new ArrayList<>())
                .add(part.values());
    }

    void clear() {
        parts.clear();
    }

    @Override
    public Reading open(GroupReference reference) {
        var list = List.copyOf(parts.getOrDefault(reference.workflow() + '/' + reference.node(), List.of()));
        return new MemoryReading(list.iterator());
    }

    private record MemoryReading(Iterator<List<JsonNode>> parts) implements Reading {

        @Override
        public boolean hasNext() {
            return parts.hasNext();
        }

        @Override
        public List<JsonNode> next() {
            return parts.next();
        }

        @Override
        public void close() {}
    }
}
