// A file system with the host's files, mounted at "/": paths are the same as on the host.

#include "py/builtin.h"
#include "py/mperrno.h"
#include "py/runtime.h"
#include "extmod/vfs.h"

#include "board.h"
#include "hostfs.h"
#include "semihosting.h"

typedef struct _hostfs_t {
    mp_obj_base_t base;
    // The current directory as an absolute path.
    mp_obj_t directory;
} hostfs_t;

// Returns the absolute path on the host.
static const char *resolve(hostfs_t *self, const char *path) {
    if (*path == '/') {
        return path;
    }
    vstr_t vstr;
    vstr_init(&vstr, 64);
    vstr_printf(&vstr, "%s/%s", mp_obj_str_get_str(self->directory), path);
    return vstr_null_terminated_str(&vstr);
}

// Returns the size of a file, or a negative errno.
static int file_size(const char *path) {
    int handle = host_open(path, HOST_OPEN_R);
    if (handle < 0) {
        return handle;
    }
    int size = host_length(handle);
    host_close(handle);
    return size;
}

static bool is_directory(const char *path) {
    vstr_t vstr;
    vstr_init(&vstr, 64);
    vstr_printf(&vstr, "%s/.", path);
    return file_size(vstr_null_terminated_str(&vstr)) >= 0;
}

static mp_import_stat_t import_stat(void *self, const char *path) {
    path = resolve(self, path);
    if (is_directory(path)) {
        return MP_IMPORT_STAT_DIR;
    }
    return file_size(path) < 0 ? MP_IMPORT_STAT_NO_EXIST : MP_IMPORT_STAT_FILE;
}

static mp_obj_t fs_mount(mp_obj_t self, mp_obj_t readonly, mp_obj_t mkfs) {
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_3(fs_mount_obj, fs_mount);

static mp_obj_t fs_umount(mp_obj_t self) {
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(fs_umount_obj, fs_umount);

static mp_obj_t fs_chdir(mp_obj_t self_in, mp_obj_t path_in) {
    hostfs_t *self = MP_OBJ_TO_PTR(self_in);
    const char *path = resolve(self, mp_obj_str_get_str(path_in));
    if (!is_directory(path)) {
        mp_raise_OSError(MP_ENOENT);
    }
    self->directory = mp_obj_new_str_from_cstr(path);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(fs_chdir_obj, fs_chdir);

static mp_obj_t fs_getcwd(mp_obj_t self_in) {
    hostfs_t *self = MP_OBJ_TO_PTR(self_in);
    return self->directory;
}
static MP_DEFINE_CONST_FUN_OBJ_1(fs_getcwd_obj, fs_getcwd);

static mp_obj_t fs_open(mp_obj_t self, mp_obj_t path_in, mp_obj_t mode) {
    const char *path = resolve(MP_OBJ_TO_PTR(self), mp_obj_str_get_str(path_in));
    if (is_directory(path)) {
        mp_raise_OSError(MP_EISDIR);
    }
    return hostfile_open(path, mp_obj_str_get_str(mode));
}
static MP_DEFINE_CONST_FUN_OBJ_3(fs_open_obj, fs_open);

static mp_obj_t fs_remove(mp_obj_t self, mp_obj_t path) {
    int result = host_remove(resolve(MP_OBJ_TO_PTR(self), mp_obj_str_get_str(path)));
    if (result < 0) {
        mp_raise_OSError(-result);
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(fs_remove_obj, fs_remove);

static mp_obj_t fs_stat(mp_obj_t self, mp_obj_t path_in) {
    const char *path = resolve(MP_OBJ_TO_PTR(self), mp_obj_str_get_str(path_in));
    bool directory = is_directory(path);
    int size = directory ? 0 : file_size(path);
    if (size < 0) {
        mp_raise_OSError(-size);
    }
    // Semihosting provides only two of the ten fields.
    mp_obj_t items[10];
    for (size_t i = 0; i < MP_ARRAY_SIZE(items); ++i) {
        items[i] = MP_OBJ_NEW_SMALL_INT(0);
    }
    items[0] = MP_OBJ_NEW_SMALL_INT(directory ? MP_S_IFDIR : MP_S_IFREG);
    items[6] = MP_OBJ_NEW_SMALL_INT(size);
    return mp_obj_new_tuple(MP_ARRAY_SIZE(items), items);
}
static MP_DEFINE_CONST_FUN_OBJ_2(fs_stat_obj, fs_stat);

static const mp_rom_map_elem_t hostfs_locals_dict_table[] = {
    { MP_ROM_QSTR(MP_QSTR_mount), MP_ROM_PTR(&fs_mount_obj) },
    { MP_ROM_QSTR(MP_QSTR_umount), MP_ROM_PTR(&fs_umount_obj) },
    { MP_ROM_QSTR(MP_QSTR_chdir), MP_ROM_PTR(&fs_chdir_obj) },
    { MP_ROM_QSTR(MP_QSTR_getcwd), MP_ROM_PTR(&fs_getcwd_obj) },
    { MP_ROM_QSTR(MP_QSTR_open), MP_ROM_PTR(&fs_open_obj) },
    { MP_ROM_QSTR(MP_QSTR_remove), MP_ROM_PTR(&fs_remove_obj) },
    { MP_ROM_QSTR(MP_QSTR_stat), MP_ROM_PTR(&fs_stat_obj) },
};
static MP_DEFINE_CONST_DICT(hostfs_locals_dict, hostfs_locals_dict_table);

static const mp_vfs_proto_t hostfs_proto = {
    .import_stat = import_stat,
};

static MP_DEFINE_CONST_OBJ_TYPE(
    hostfs_type,
    MP_QSTR_HostFs,
    MP_TYPE_FLAG_NONE,
    protocol, &hostfs_proto,
    locals_dict, &hostfs_locals_dict
    );

void board_mount(const char *directory) {
    const char *rest;
    if (mp_vfs_lookup_path("/.", &rest) == MP_VFS_NONE) {
        hostfs_t *self = mp_obj_malloc(hostfs_t, &hostfs_type);
        self->directory = MP_OBJ_NEW_QSTR(MP_QSTR__slash_);
        mp_obj_t args[] = { MP_OBJ_FROM_PTR(self), MP_OBJ_NEW_QSTR(MP_QSTR__slash_) };
        mp_map_t none;
        mp_map_init(&none, 0);
        mp_vfs_mount(MP_ARRAY_SIZE(args), args, &none);
    }
    mp_vfs_chdir(mp_obj_new_str_from_cstr(directory));
}
