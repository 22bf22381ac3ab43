package io.celeriac.contract.acl;

import java.util.List;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Operations on one resource of Kafka, or on all whose names have a prefix.
 *
 * @param type of the resource: a topic, a group or a transactional id
 * @param name of the resource, or the prefix
 * @param isPrefix true when the name is a prefix
 * @param operations what is allowed; Kafka lets who may read or write also describe
 * @param purpose why the program needs it
 */
public record KafkaRight(
        ResourceType type, String name, boolean isPrefix, List<AclOperation> operations, String purpose) {

    public KafkaRight {
        operations = List.copyOf(operations);
    }

    /**
     * The right as Kafka's admin client takes it.
     *
     * @param principal such as {@code User:worker}
     */
    public List<AclBinding> bindings(String principal) {
        var pattern = new ResourcePattern(type, name, isPrefix ? PatternType.PREFIXED : PatternType.LITERAL);
        return operations.stream()
                .map(operation -> new AclBinding(
                        pattern, new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW)))
                .toList();
    }
}
