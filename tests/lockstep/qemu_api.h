/* The part of QEMU's plugin interface that plugin.c calls, declared by hand because Debian does not
 * package qemu-plugin.h; QEMU exports these functions to the libraries it loads. Versions 2 to 4 of
 * the interface ("QEMU TCG Plugins"), as QEMU 10.0 has it; and of GLib the two arrays in which it
 * answers, whose layout is public. Nothing here is linked: the names resolve when QEMU loads us. */
#ifndef TESTS_LOCKSTEP_QEMU_API_H
#define TESTS_LOCKSTEP_QEMU_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_plugin_register;
struct qemu_info;

/* GByteArray and GArray. */
struct bytes {
    uint8_t *data;
    unsigned len;
};
struct array {
    char *data;
    unsigned len;
};
struct bytes *g_byte_array_new(void);

struct register_info {
    struct qemu_plugin_register *handle;
    const char *name;
    const char *feature;
};

enum callback_registers { CALLBACK_NO_REGISTERS, CALLBACK_READS_REGISTERS };
enum callback_accesses { CALLBACK_READS = 1, CALLBACK_WRITES = 2 };

enum value_kind { VALUE_U8, VALUE_U16, VALUE_U32, VALUE_U64, VALUE_U128 };
struct memory_value {
    enum value_kind kind;
    union {
        uint8_t u8;
        uint16_t u16;
        uint32_t u32;
        uint64_t u64;
        struct {
            uint64_t low, high;
        } u128;
    } data;
};

typedef void on_vcpu(uint64_t id, unsigned vcpu);
typedef void on_translation(uint64_t id, struct qemu_plugin_tb *tb);
typedef void on_execution(unsigned vcpu, void *context);
typedef void on_access(unsigned vcpu, uint32_t info, uint64_t va, void *context);
typedef void on_quit(uint64_t id, void *context);

/* Ours, that QEMU looks for. */
extern const int qemu_plugin_version;
int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc, char **argv);

/* QEMU's. */
void qemu_plugin_register_vcpu_init_cb(uint64_t id, on_vcpu *callback);
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, on_translation *callback);
void qemu_plugin_register_atexit_cb(uint64_t id, on_quit *callback, void *context);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb, on_execution *callback,
                                          enum callback_registers flags, void *context);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, on_execution *callback,
                                            enum callback_registers flags, void *context);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn, on_access *callback,
                                      enum callback_registers flags,
                                      enum callback_accesses accesses, void *context);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *to, size_t size);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
struct memory_value qemu_plugin_mem_get_value(uint32_t info);
struct array *qemu_plugin_get_registers(void);
int qemu_plugin_read_register(struct qemu_plugin_register *handle, struct bytes *to);
bool qemu_plugin_read_memory_vaddr(uint64_t va, struct bytes *to, size_t size);

#endif
