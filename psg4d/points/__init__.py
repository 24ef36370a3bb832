"""The point-cloud branch of segmentation: voxels, a sparse U-Net, and a kernel for every instance.

    depth -> points -> voxels -> U-Net -> semantic, offset, heat, mask and kernel features of every voxel
                                             candidates -> merged -> kernels -> dynamic convolution -> masks

After DKNet (Wu et al. 2022, "3D Instances as 1D Kernels"), which PSG4DFormer uses. Plain torch: no compiled
sparse operators, so it runs wherever torch does. Memory is bounded by the voxels, not by the points.
"""
