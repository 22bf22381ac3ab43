package io.celeriac.contract.task;

import io.celeriac.contract.json.WireModule;
import io.celeriac.contract.rule.InvalidTaskException;
import java.util.LinkedHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.node.JsonNodeFactory;

/** The JSON of a {@link Signature}: the fields of its task, and its own among them. */
final class SignatureJson {

    private static final Set<String> OWN = Set.of(Signature.QUEUE, Signature.IMMUTABLE);

    private SignatureJson() {}

    static final class Reader extends ValueDeserializer<Signature> {

        /** Kept, as Jackson makes a reader of its own for each call otherwise, which takes longer than to read the task. */
        private volatile @Nullable ValueDeserializer<Object> tasks;

        /** Otherwise Jackson makes a reader anew for each value, and with it one for tasks. */
        @Override
        public boolean isCachable() {
            return true;
        }

        @Override
        public Signature deserialize(JsonParser parser, DeserializationContext context) {
            if (!parser.hasToken(JsonToken.START_OBJECT)) {
                return (Signature) context.handleUnexpectedToken(Signature.class, parser);
            }
            var tree = context.readTree(parser);
            var plain = plain(tree, context);
            return plain == null ? bound(tree, context) : plain;
        }

        /** A tree of many thousand tasks is read faster so; null when data binding has to read it, or to say what is wrong. */
        private static @Nullable Signature plain(JsonNode tree, DeserializationContext context) {
            var queue = tree.get(Signature.QUEUE);
            var immutable = tree.get(Signature.IMMUTABLE);
            if ((queue != null && !queue.isString()) || (immutable != null && !immutable.isBoolean())) {
                return null;
            }
            try (var tokens = tree.traverse(context)) {
                var task = PlainTaskReader.read(tokens, OWN);
                return task == null
                        ? null
                        : new Signature(
                                task,
                                queue == null ? null : queue.stringValue(),
                                immutable != null && immutable.booleanValue());
            } catch (RuntimeException e) {
                return null;
            }
        }

        private Signature bound(JsonNode tree, DeserializationContext context) {
            Task task;
            try (var tokens = tree.traverse(context)) {
                tokens.nextToken();
                task = (Task)
                        tasks(context).deserialize(tokens, context); // it does not know the signature's own fields
            }
            var others = new LinkedHashMap<>(task.extra());
            var queue = others.remove(Signature.QUEUE);
            var immutable = others.remove(Signature.IMMUTABLE);
            if (queue != null && !queue.isNull() && !queue.isString()) {
                throw new InvalidTaskException(Signature.QUEUE, WireModule.rule(String.class));
            }
            if (immutable != null && !immutable.isNull() && !immutable.isBoolean()) {
                throw new InvalidTaskException(Signature.IMMUTABLE, WireModule.rule(boolean.class));
            }
            return new Signature(
                    others.size() == task.extra().size()
                            ? task
                            : task.toBuilder().extra(others).build(),
                    queue == null ? null : queue.stringValue(null),
                    immutable != null && immutable.booleanValue(false));
        }

        private ValueDeserializer<Object> tasks(DeserializationContext context) {
            var found = tasks;
            if (found == null) {
                found = context.findRootValueDeserializer(context.constructType(Task.class));
                tasks = found;
            }
            return found;
        }
    }

    static final class Writer extends ValueSerializer<Signature> {
        @Override
        public void serialize(Signature signature, JsonGenerator generator, SerializationContext context) {
            var others = new LinkedHashMap<>(signature.task().extra());
            if (signature.queue() != null) {
                others.put(Signature.QUEUE, JsonNodeFactory.instance.stringNode(signature.queue()));
            }
            if (signature.immutable()) {
                others.put(Signature.IMMUTABLE, JsonNodeFactory.instance.booleanNode(true));
            }
            context.writeValue(
                    generator, signature.task().toBuilder().extra(others).build());
        }
    }
}
