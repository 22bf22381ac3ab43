package io.celeriac.contract.asyncapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.CustomDefinition.AttributeInclusion;
import com.github.victools.jsonschema.generator.CustomDefinition.DefinitionType;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaBuilder;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import com.github.victools.jsonschema.module.jackson.JacksonSchemaModule;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.workflow.WorkflowNode;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Schemas of records, from their components and annotations, with what their Javadoc says. */
final class RecordSchemas {

    private static final JsonMapper MAPPER = new JsonMapper();

    private final JavadocOfRecords docs = new JavadocOfRecords();
    private final SchemaBuilder builder = generator().buildMultipleSchemaDefinitions();

    private SchemaGenerator generator() {
        var config = new SchemaGeneratorConfigBuilder(MAPPER, SchemaVersion.DRAFT_7, OptionPreset.PLAIN_JSON)
                .with(new JacksonSchemaModule(
                        JacksonOption.FLATTENED_ENUMS_FROM_JSONPROPERTY, JacksonOption.FLATTENED_ENUMS_FROM_JSONVALUE))
                .with(Option.DEFINITIONS_FOR_ALL_OBJECTS, Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES)
                .without(Option.SCHEMA_VERSION_INDICATOR);
        config.forTypesInGeneral()
                .withPropertySorter((unused, unusedToo) -> 0) // as declared
                .withDefinitionNamingStrategy((key, context) -> name(
                        key.getType().getErasedType(),
                        key.getType().getTypeParameters().stream()
                                .map(parameter -> parameter.getErasedType().getSimpleName())
                                .collect(Collectors.joining())))
                .withDescriptionResolver(type -> docs.of(type.getType().getErasedType()))
                .withCustomDefinitionProvider((type, context) -> given(type.getErasedType()));
        config.forFields()
                .withRequiredCheck(RecordSchemas::isAlwaysThere)
                .withDescriptionResolver(field -> field.isFakeContainerItemScope()
                        ? null
                        : docs.of(field.getDeclaringType().getErasedType(), field.getDeclaredName()));
        return new SchemaGenerator(config.build());
    }

    /** A reference to the schema of a record, which is among {@link #definitions()} from then on. */
    ObjectNode reference(Class<?> type) {
        return builder.createSchemaReference(type);
    }

    /** The schemas of all records so far, and of those within them. */
    ObjectNode definitions() {
        return builder.collectDefinitions("components/schemas");
    }

    private static String name(Class<?> type, String parameters) {
        var enclosing =
                type.isEnum() && type.isMemberClass() ? type.getEnclosingClass().getSimpleName() : "";
        return enclosing + type.getSimpleName() + parameters;
    }

    /** The schemas of types whose JSON is written by hand. */
    private static @Nullable CustomDefinition given(Class<?> type) {
        if (type == Instant.class) {
            return inline(MAPPER.createObjectNode().put("type", "string").put("format", "date-time"));
        }
        if (type == ObjectNode.class) {
            return inline(MAPPER.createObjectNode().put("type", "object"));
        }
        if (JsonNode.class.isAssignableFrom(type)) {
            return inline(MAPPER.createObjectNode());
        }
        if (type == Signature.class) {
            return inline(MAPPER.createObjectNode().put("$ref", "#/components/schemas/Signature"));
        }
        if (type == WorkflowNode.class) {
            return inline(MAPPER.createObjectNode().put("$ref", "#/components/schemas/WorkflowNode"));
        }
        return null;
    }

    private static CustomDefinition inline(ObjectNode schema) {
        return new CustomDefinition(schema, DefinitionType.INLINE, AttributeInclusion.YES);
    }

    /** What is null, empty or 0 may be left out by the writer. */
    private static boolean isAlwaysThere(FieldScope field) {
        var component = Arrays.stream(field.getDeclaringType().getErasedType().getRecordComponents())
                .filter(candidate -> candidate.getName().equals(field.getDeclaredName()))
                .findFirst()
                .orElseThrow();
        return !component.getAnnotatedType().isAnnotationPresent(Nullable.class) && !isLeftOut(component);
    }

    private static boolean isLeftOut(RecordComponent component) {
        return component.getAccessor().isAnnotationPresent(JsonInclude.class);
    }
}
