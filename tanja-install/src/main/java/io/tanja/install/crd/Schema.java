package io.tanja.install.crd;

import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsOrArray;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsOrBool;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRuleBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The few forms that the schemas of the mesh's kinds are made of. Fields that they do not name are refused or warned of. */
final class Schema {
    private Schema() {}

    /** A field of an object. */
    record Field(String name, JSONSchemaProps schema) {}

    static Field field(String name, JSONSchemaProps schema) {
        return new Field(name, schema);
    }

    static JSONSchemaProps object(String description, Field... fields) {
        JSONSchemaProps schema = typed("object", description);
        Map<String, JSONSchemaProps> properties = new LinkedHashMap<>();
        for (Field field : fields) {
            properties.put(field.name(), field.schema());
        }
        schema.setProperties(properties);
        return schema;
    }

    static JSONSchemaProps text(String description) {
        return typed("string", description);
    }

    static JSONSchemaProps text(String description, long longest) {
        JSONSchemaProps schema = text(description);
        schema.setMaxLength(longest);
        return schema;
    }

    static JSONSchemaProps text(String description, String pattern) {
        JSONSchemaProps schema = text(description);
        schema.setPattern(pattern);
        return schema;
    }

    static JSONSchemaProps nonEmpty(String description) {
        JSONSchemaProps schema = text(description);
        schema.setMinLength(1L);
        return schema;
    }

    static JSONSchemaProps oneOf(String description, String... values) {
        JSONSchemaProps schema = text(description);
        schema.setEnum(new ArrayList<>(Stream.of(values).map(TextNode::valueOf).toList()));
        return schema;
    }

    static JSONSchemaProps bool(String description) {
        return typed("boolean", description);
    }

    static JSONSchemaProps whole(String description) {
        JSONSchemaProps schema = typed("integer", description);
        schema.setFormat("int64");
        return schema;
    }

    static JSONSchemaProps list(String description, JSONSchemaProps item) {
        JSONSchemaProps schema = typed("array", description);
        schema.setItems(new JSONSchemaPropsOrArray(null, item));
        return schema;
    }

    static JSONSchemaProps list(String description, JSONSchemaProps item, long most) {
        JSONSchemaProps schema = list(description, item);
        schema.setMaxItems(most);
        return schema;
    }

    static JSONSchemaProps map(String description, JSONSchemaProps value, long most) {
        JSONSchemaProps schema = typed("object", description);
        schema.setAdditionalProperties(new JSONSchemaPropsOrBool(null, value));
        schema.setMaxProperties(most);
        return schema;
    }

    static JSONSchemaProps required(JSONSchemaProps schema, String... fields) {
        schema.setRequired(new ArrayList<>(List.of(fields)));
        return schema;
    }

    /** At least one item, or one field. */
    static JSONSchemaProps some(JSONSchemaProps schema) {
        if ("array".equals(schema.getType())) {
            schema.setMinItems(1L);
        } else {
            schema.setMinProperties(1L);
        }
        return schema;
    }

    /** Keeps fields that are not named, for their reader to report. */
    static JSONSchemaProps open(JSONSchemaProps schema) {
        schema.setXKubernetesPreserveUnknownFields(true);
        return schema;
    }

    /** Adds a rule in CEL; {@code message} says what is expected. */
    static JSONSchemaProps rule(JSONSchemaProps schema, String expression, String message) {
        List<ValidationRule> rules = new ArrayList<>(schema.getXKubernetesValidations());
        rules.add(new ValidationRuleBuilder()
                .withRule(expression)
                .withMessage(message)
                .build());
        schema.setXKubernetesValidations(rules);
        return schema;
    }

    private static JSONSchemaProps typed(String type, String description) {
        JSONSchemaProps schema = new JSONSchemaProps();
        schema.setType(type);
        schema.setDescription(description);
        return schema;
    }
}
