package io.celeriac.engine.attempt;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.workflow.GroupReference;
import io.celeriac.engine.GroupResults;
import io.celeriac.engine.handler.InvalidArgumentsException;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;

/** The lists of results that an attempt reads. They are closed at its end. */
final class OpenLists {

    private static final Logger LOG = LoggerFactory.getLogger(OpenLists.class);

    private final GroupLists lists;
    private final List<GroupLists.Reading> open = new ArrayList<>(); // guarded by this
    private boolean closed; // guarded by this

    OpenLists(GroupLists lists) {
        this.lists = lists;
    }

    /**
     * @param rootId of the attempt's task
     * @param type of a result
     */
    <T> GroupResults<T> results(String rootId, JsonNode argument, Type type) {
        var of = TaskJson.MAPPER.constructType(type);
        if (argument.isArray()) {
            return new GroupResults<>(argument.size(), () -> new Converted<>(argument.iterator(), of));
        }
        var reference = reference(argument);
        if (!reference.workflow().equals(rootId)) {
            throw new InvalidArgumentsException("the results of a group can be read by tasks of its workflow "
                    + reference.workflow() + ", and this task is of " + rootId);
        }
        return new GroupResults<>(reference.size(), () -> new Converted<>(new Flat(opened(reference)), of));
    }

    private static GroupReference reference(JsonNode argument) {
        try {
            return GroupReference.of(argument)
                    .orElseThrow(
                            () -> new InvalidArgumentsException("the results of a group are a list, or refer to one"));
        } catch (InvalidTaskException e) {
            throw new InvalidArgumentsException(
                    "the argument does not refer to the results of a group: " + e.getMessage());
        }
    }

    private synchronized void read(GroupLists.Reading reading) {
        if (open.remove(reading)) {
            reading.close();
        }
    }

    private synchronized GroupLists.Reading opened(GroupReference reference) {
        if (closed) {
            throw new IllegalStateException("the attempt has ended");
        }
        var reading = lists.open(reference);
        open.add(reading);
        return reading;
    }

    synchronized void close() {
        closed = true;
        for (var reading : open) {
            try {
                reading.close();
            } catch (RuntimeException e) { // the attempt's outcome does not depend on it
                LOG.warn("A list of results could not be closed: {}", e.toString());
            }
        }
        open.clear();
    }

    /** The results of all parts. */
    private final class Flat implements Iterator<JsonNode> {

        private final GroupLists.Reading parts;
        private Iterator<JsonNode> part = Collections.emptyIterator();

        private Flat(GroupLists.Reading parts) {
            this.parts = parts;
        }

        @Override
        public boolean hasNext() {
            while (!part.hasNext() && parts.hasNext()) {
                part = parts.next().iterator();
            }
            if (!part.hasNext()) {
                read(parts);
            }
            return part.hasNext();
        }

        @Override
        public JsonNode next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return part.next();
        }
    }

    private static final class Converted<T> implements Iterator<T> {

        private final Iterator<JsonNode> values;
        private final JavaType type;
        private int index;

        private Converted(Iterator<JsonNode> values, JavaType type) {
            this.values = values;
            this.type = type;
        }

        @Override
        public boolean hasNext() {
            return values.hasNext();
        }

        @Override
        public T next() {
            var value = values.next();
            try {
                T converted = TaskJson.MAPPER.treeToValue(value, type);
                index++;
                return converted;
            } catch (JacksonException e) {
                throw new InvalidArgumentsException("result " + index + " of the group is no "
                        + type.getRawClass().getSimpleName());
            }
        }
    }
}
