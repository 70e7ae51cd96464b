package io.tanja.control.inject;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonPatchTest {
    @Test
    void namesInPathsAreEscaped() {
        assertThat(JsonPatch.between(Map.of("a", Map.of("x", 1)), Map.of("a", Map.of("x", 1, "b/c~d", 2))))
                .containsExactly(new PatchOperation("add", "/a/b~1c~0d", 2));
    }

    @Test
    void anElementThatIsPutBeforeOthersDoesNotRewriteThem() {
        Map<String, Object> web = Map.of("name", "web", "image", "a");
        Map<String, Object> other = Map.of("name", "web", "image", "b");
        Map<String, Object> proxy = Map.of("name", "proxy");

        assertThat(JsonPatch.between(Map.of("c", List.of(web)), Map.of("c", List.of(proxy, other))))
                .containsExactly(
                        new PatchOperation("add", "/c/0", proxy), new PatchOperation("replace", "/c/1/image", "b"));
    }

    @Test
    void aListThatLostAnElementIsReplaced() {
        assertThat(JsonPatch.between(Map.of("c", List.of("a", "b")), Map.of("c", List.of("b"))))
                .containsExactly(new PatchOperation("replace", "/c", List.of("b")));
    }

    @Test
    void whatIsGoneIsRemovedAndWhatIsEqualIsNotNamed() {
        assertThat(JsonPatch.between(Map.of("a", 1, "b", List.of(1)), Map.of("b", List.of(1))))
                .containsExactly(new PatchOperation("remove", "/a", null));
    }
}
